/** Whole numbers from 0 to 2^53 in as few bytes as they need: unsigned LEB128, seven bits a byte, the lowest first. */
export function pushVarint(bytes: number[], value: number): void {
  // Division, since shifts end at 32 bits.
  while (value >= 128) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
}

export function readVarints(buffer: ArrayBuffer): number[] {
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of new Uint8Array(buffer)) {
    value += (byte % 128) * scale;
    if (byte >= 128) scale *= 128;
    else {
      values.push(value);
      value = 0;
      scale = 1;
    }
  }
  return values;
}
