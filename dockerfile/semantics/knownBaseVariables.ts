import type { Stage } from "../syntax/syntax.ts";
import type { BuildText } from "./build.ts";

/** True if the image that a stage is built on is known by name to set a variable. */
export function isSetByKnownBase(build: BuildText, stage: Stage | undefined, name: string): boolean {
  const repository = build.baseImage(build.rootStage(stage))?.reference.repository.toLowerCase();
  if (repository === undefined) return false;
  const short = repository.replace(/^library\//, "");
  return (
    variablesByImage.get(short)?.has(name) === true ||
    patterns.some(([image, set]) => image.test(short) && set.has(name))
  );
}

const java = ["JAVA_HOME", "JAVA_VERSION"];
const php = [
  "PHPIZE_DEPS",
  "PHP_INI_DIR",
  "PHP_CFLAGS",
  "PHP_CPPFLAGS",
  "PHP_LDFLAGS",
  "PHP_VERSION",
  "PHP_URL",
  "PHP_ASC_URL",
  "PHP_SHA256",
  "GPG_KEYS",
  "APACHE_CONFDIR",
  "APACHE_ENVVARS",
];
const erlang = ["OTP_VERSION", "REBAR_VERSION", "REBAR3_VERSION"];
const node = ["NODE_VERSION", "YARN_VERSION"];

/**
 * Variables that Docker Official Images set in addition to PATH and LANG, of older releases too (RUBY_MAJOR,
 * PYTHON_PIP_VERSION). The entries of golang, php, python and ruby were compared with the templates of docker-library in
 * November 2026; those of ghost, solr, tomee, haxe, r-base, neo4j, flink, groovy, clojure, influxdb, rabbitmq, cassandra,
 * httpd, jetty, docker, caddy, julia, swift, nextcloud, drupal, joomla, composer, spark, mongo, mysql, mariadb, haproxy,
 * redis, pypy, postgres, erlang and ibm-semeru-runtimes with histories of published images, for the names that are peculiar
 * to them. The others follow the Dockerfiles that are linked. A superfluous name only silences a finding.
 * @see https://github.com/docker-library/official-images
 * @see https://github.com/docker-library/repo-info
 */
const variablesByImage: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    // https://github.com/docker-library/golang
    golang: ["GOLANG_VERSION", "GOTOOLCHAIN", "GOPATH"],
    // https://github.com/nodejs/docker-node
    node,
    // https://github.com/docker-library/python
    python: [
      "PYTHON_VERSION",
      "PYTHON_SHA256",
      "PYTHON_PIP_VERSION",
      "PYTHON_SETUPTOOLS_VERSION",
      "PYTHON_GET_PIP_URL",
      "PYTHON_GET_PIP_SHA256",
      "GPG_KEY",
    ],
    // https://github.com/docker-library/pypy
    pypy: ["PYPY_VERSION", "PYTHON_PIP_VERSION", "PYTHON_GET_PIP_URL", "PYTHON_GET_PIP_SHA256"],
    // https://github.com/docker-library/ruby
    ruby: [
      "RUBY_VERSION",
      "RUBY_MAJOR",
      "RUBY_DOWNLOAD_URL",
      "RUBY_DOWNLOAD_SHA256",
      "GEM_HOME",
      "BUNDLE_SILENCE_ROOT_WARNING",
      "BUNDLE_APP_CONFIG",
    ],
    // https://github.com/rust-lang/docker-rust
    rust: ["RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"],
    // https://github.com/docker-library/php
    php,
    wordpress: php,
    drupal: [...php, "DRUPAL_VERSION", "COMPOSER_ALLOW_SUPERUSER"],
    joomla: [...php, "JOOMLA_VERSION"],
    nextcloud: [...php, "NEXTCLOUD_VERSION", "PHP_MEMORY_LIMIT", "PHP_UPLOAD_LIMIT", "PHP_OPCACHE_MEMORY_CONSUMPTION"],
    composer: [...php, "COMPOSER_HOME", "COMPOSER_VERSION", "COMPOSER_ALLOW_SUPERUSER"],
    // https://github.com/docker-library/openjdk, https://github.com/adoptium/containers
    openjdk: java,
    "eclipse-temurin": java,
    amazoncorretto: java,
    sapmachine: java,
    "ibm-semeru-runtimes": [...java, "JAVA_TOOL_OPTIONS"],
    // https://github.com/carlossg/docker-maven, https://github.com/keeganwitt/docker-gradle
    maven: [...java, "MAVEN_HOME", "MAVEN_CONFIG"],
    gradle: [...java, "GRADLE_HOME", "GRADLE_VERSION"],
    groovy: [...java, "GROOVY_HOME", "GROOVY_VERSION"],
    clojure: [...java, "CLOJURE_VERSION"],
    // https://github.com/docker-library/tomcat, https://github.com/jetty/jetty.docker
    tomcat: [...java, "CATALINA_HOME", "TOMCAT_NATIVE_LIBDIR", "TOMCAT_MAJOR", "TOMCAT_VERSION", "TOMCAT_SHA512"],
    tomee: [...java, "TOMEE_VER", "TOMEE_BUILD"],
    jetty: [...java, "JETTY_VERSION", "JETTY_HOME", "JETTY_BASE", "JETTY_TGZ_URL", "TMPDIR"],
    // https://github.com/nginx/docker-nginx, https://github.com/docker-library/httpd
    nginx: ["NGINX_VERSION", "NJS_VERSION", "NJS_RELEASE", "ACME_VERSION", "PKG_RELEASE", "DYNPKG_RELEASE"],
    httpd: ["HTTPD_PREFIX", "HTTPD_VERSION", "HTTPD_SHA256", "HTTPD_PATCHES"],
    caddy: [
      "CADDY_VERSION",
      "XDG_CONFIG_HOME",
      "XDG_DATA_HOME",
      "XCADDY_VERSION",
      "XCADDY_SETCAP",
      "XCADDY_SKIP_CLEANUP",
    ],
    haproxy: ["HAPROXY_VERSION", "HAPROXY_URL", "HAPROXY_SHA256"],
    // https://github.com/docker-library/postgres, mysql, mariadb, mongo, redis
    postgres: ["PG_MAJOR", "PG_VERSION", "PG_SHA256", "PGDATA", "DOCKER_PG_LLVM_DEPS", "GOSU_VERSION"],
    mysql: ["MYSQL_MAJOR", "MYSQL_VERSION", "MYSQL_SHELL_VERSION", "GOSU_VERSION"],
    mariadb: ["MARIADB_VERSION", "MARIADB_MAJOR", "GOSU_VERSION", "GPG_KEYS"],
    mongo: ["MONGO_PACKAGE", "MONGO_REPO", "MONGO_MAJOR", "MONGO_VERSION", "GOSU_VERSION", "HOME"],
    redis: ["REDIS_VERSION", "REDIS_DOWNLOAD_URL", "REDIS_DOWNLOAD_SHA", "GOSU_VERSION"],
    cassandra: [...java, "CASSANDRA_HOME", "CASSANDRA_CONF", "CASSANDRA_CONFIG", "CASSANDRA_VERSION", "GPG_KEYS"],
    rabbitmq: ["RABBITMQ_VERSION", "RABBITMQ_HOME", "RABBITMQ_DATA_DIR", "HOME"],
    influxdb: ["INFLUXDB_VERSION"],
    // https://github.com/erlang/docker-erlang-otp, https://github.com/erlef/docker-elixir
    erlang,
    elixir: [...erlang, "ELIXIR_VERSION"],
    // https://github.com/docker-library/julia, https://github.com/swiftlang/swift-docker
    julia: ["JULIA_PATH", "JULIA_VERSION", "JULIA_GPG"],
    swift: ["SWIFT_SIGNING_KEY", "SWIFT_PLATFORM", "SWIFT_BRANCH", "SWIFT_VERSION", "SWIFT_WEBROOT"],
    haxe: ["HAXE_VERSION", "HAXE_STD_PATH"],
    "r-base": ["R_BASE_VERSION"],
    // https://github.com/docker-library/ghost, https://github.com/docker-library/docker
    ghost: [
      ...node,
      "GHOST_INSTALL",
      "GHOST_CONTENT",
      "GHOST_VERSION",
      "GHOST_CLI_VERSION",
      "NODE_ENV",
      "GOSU_VERSION",
    ],
    docker: ["DOCKER_VERSION", "DOCKER_TLS_CERTDIR", "DOCKER_BUILDX_VERSION", "DOCKER_COMPOSE_VERSION", "DIND_COMMIT"],
    solr: [...java, "SOLR_USER", "SOLR_UID", "SOLR_GROUP", "SOLR_GID", "SOLR_HOME", "SOLR_VERSION"],
    spark: [...java, "SPARK_HOME"],
    flink: [...java, "FLINK_HOME", "GOSU_VERSION"],
    neo4j: [...java, "NEO4J_HOME", "NEO4J_EDITION", "NEO4J_TARBALL", "NEO4J_SHA256"],
    // https://github.com/jenkinsci/docker
    "jenkins/jenkins": [...java, "JENKINS_HOME", "JENKINS_VERSION", "JENKINS_UC", "REF"],
    // https://gitlab.com/nvidia/container-images/cuda
    "nvidia/cuda": ["CUDA_VERSION", "NVARCH", "LD_LIBRARY_PATH", "LIBRARY_PATH", "NVIDIA_VISIBLE_DEVICES"],
  }).map(([image, names]) => [image, new Set(names)]),
);

const dotnet = new Set([
  "DOTNET_VERSION",
  "ASPNET_VERSION",
  "DOTNET_SDK_VERSION",
  "ASPNETCORE_HTTP_PORTS",
  "ASPNETCORE_URLS",
  "DOTNET_RUNNING_IN_CONTAINER",
  "APP_UID",
]);
const lambda = new Set(["LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "LD_LIBRARY_PATH"]);
const jupyter = new Set(["CONDA_DIR", "NB_USER", "NB_UID", "NB_GID", "HOME"]);

/** Families of images from other registries. */
const patterns: readonly (readonly [RegExp, ReadonlySet<string>])[] = [
  // https://github.com/dotnet/dotnet-docker
  [/^dotnet\/(?:nightly\/)?(?:sdk|aspnet|runtime|runtime-deps|monitor)$/, dotnet],
  // https://github.com/aws/aws-lambda-base-images
  [/^lambda\//, lambda],
  // https://github.com/jupyter/docker-stacks
  [/^jupyter\//, jupyter],
];
