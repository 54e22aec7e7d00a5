/** Ports that images often listen on. @see https://www.iana.org/assignments/service-names-port-numbers */
export const ports: ReadonlyMap<number, string> = new Map([
  [21, "FTP"],
  [22, "SSH"],
  [25, "SMTP"],
  [53, "DNS"],
  [80, "HTTP"],
  [443, "HTTPS"],
  [1433, "Microsoft SQL Server"],
  [1521, "Oracle Database"],
  [1883, "MQTT"],
  [2375, "Docker API without TLS"],
  [2376, "Docker API over TLS"],
  [3000, "web servers in development: Node.js, Rails, Grafana"],
  [3306, "MySQL and MariaDB"],
  [4222, "NATS"],
  [5000, "Flask, container registry"],
  [5432, "PostgreSQL"],
  [5672, "AMQP: RabbitMQ"],
  [6379, "Redis and Valkey"],
  [8000, "HTTP in development: Django, uvicorn"],
  [8080, "HTTP without privileges"],
  [8443, "HTTPS without privileges"],
  [9000, "PHP-FPM, MinIO"],
  [9090, "Prometheus"],
  [9092, "Kafka"],
  [9200, "Elasticsearch and OpenSearch"],
  [11211, "memcached"],
  [27017, "MongoDB"],
]);

/** The protocols that EXPOSE takes. */
export const protocols: readonly string[] = ["tcp", "udp", "sctp"];
