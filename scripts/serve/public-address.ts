/** Which addresses of the internet are public: not those of a machine, a network or a purpose of their own (IANA's special-purpose registries). */
import { BlockList, isIP } from "node:net";

const INNER_V4 = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  INNER_V4.addSubnet(net, bits, "ipv4");

/** Global unicast is all of 2000::/3 but these, some of which carry an IPv4 address that nobody looks at. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet("2000::", 3, "ipv6");
const INNER_V6 = new BlockList();
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  INNER_V6.addSubnet(net, bits, "ipv6");

/** `address`: as a resolver gives it, without brackets. What is none is not public. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !INNER_V4.check(address, "ipv4");
  // A scope names an interface of this machine. IPv4 in other clothes (::ffff:0:0/96, 64:ff9b::/96) is not global unicast.
  if (family !== 6 || address.includes("%")) return false;
  return GLOBAL_V6.check(address, "ipv6") && !INNER_V6.check(address, "ipv6");
}
