/** Normalizes ports as EXPOSE and builders write them (`80`, `80/tcp`, `90-92/udp`): sorted, with ranges expanded. */
export function portSet(text: string): string {
  const ports = new Set<string>();
  for (const word of text.split(/\s+/))
    if (word !== "") for (const port of portRange(word, maxPorts - ports.size)) ports.add(port);
  return [...ports].sort().join(" ");
}

// Builders expand ranges. A longer one stays a range here, and only fits the same notation.
const maxPorts = 512;

function portRange(text: string, room: number): readonly string[] {
  const [address = "", protocol = "tcp"] = text.toLowerCase().split("/");
  const ports = address.slice(address.lastIndexOf(":") + 1);
  const [, first, last] = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(ports) ?? [];
  const count = Number(last) - Number(first) + 1;
  if (!(count > 0 && count <= room)) return [`${ports}/${protocol}`];
  return Array.from({ length: count }, (_, index) => `${Number(first) + index}/${protocol}`);
}
