/** Throws where two results differ by more than `tolerance` of the largest: a race between different sums proves nothing. */
export function assertAgree(what, ours, theirs, tolerance) {
  if (ours.length !== theirs.length) throw new Error(`${what}: ${ours.length} values against ${theirs.length}`);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < ours.length; i++) {
    scale = Math.max(scale, Math.abs(theirs[i]));
    worst = Math.max(worst, Math.abs(ours[i] - theirs[i]));
  }
  if (!(worst <= tolerance * scale))
    throw new Error(`${what}: results differ by ${worst}, more than ${tolerance} of the largest value ${scale}`);
}

/** The number that both sides found. Throws where they differ. */
export function assertSame(what, ours, theirs) {
  if (ours !== theirs) throw new Error(`${what}: ${ours} against ${theirs}`);
  return ours;
}
