/**
 * The shortest equivalent path: without empty, `.` or inner `..` parts; `.` if nothing is left.
 * @see https://pkg.go.dev/path#Clean
 */
export function cleanPath(path: string): string {
  const isRooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isRooted) parts.push("..");
  }
  const cleaned = (isRooted ? "/" : "") + parts.join("/");
  return cleaned === "" ? "." : cleaned;
}
