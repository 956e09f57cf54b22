import { direction } from '../core/angle.ts';
import { type Affine, affineOf, applied, composed, identity, type Vector } from './affine.ts';
import { ontoGrid } from './onto-grid.ts';
import { centreOf, Volume } from './volume.ts';

/** A turn about the middle, then a shift: what a head does in a scanner. */
export interface RigidMotion {
  /** Degrees about x, then y, then z, counter-clockwise seen from where the axis leads. Default: none. */
  readonly rotation?: Vector;
  /** Millimetres along x (right), y (front), z (up). Default: none. */
  readonly translation?: Vector;
}

function turn([x, y, z]: Vector): Affine {
  const [a, b, c] = [direction(x), direction(y), direction(z)];
  const aboutX = affineOf([1, 0, 0], [0, a.cos, a.sin], [0, -a.sin, a.cos], [0, 0, 0]);
  const aboutY = affineOf([b.cos, 0, -b.sin], [0, 1, 0], [b.sin, 0, b.cos], [0, 0, 0]);
  const aboutZ = affineOf([c.cos, c.sin, 0], [-c.sin, c.cos, 0], [0, 0, 1], [0, 0, 0]);
  return composed(aboutZ, composed(aboutY, aboutX));
}

/** Where a motion takes places of the world: p′ = R·(p − centre) + centre + translation. */
export function motionAffine({ rotation, translation = [0, 0, 0] }: RigidMotion, centre: Vector): Affine {
  const turned = rotation ? turn(rotation) : identity;
  const [x, y, z] = applied(turned, centre);
  const shift: Vector = [
    centre[0] - x + translation[0],
    centre[1] - y + translation[1],
    centre[2] - z + translation[2],
  ];
  return composed(affineOf([1, 0, 0], [0, 1, 0], [0, 0, 1], shift), turned);
}

/** What a scanner that stands still sees of a volume that moves: the same grid with new values, trilinear; nothing (0) where it leaves. */
export function moved(volume: Volume, motion: RigidMotion): Volume {
  const { values, shape, affine, unit } = volume;
  const elsewhere = composed(motionAffine(motion, centreOf(volume)), affine);
  return ontoGrid(new Volume({ values, shape, affine: elsewhere, unit }), { shape, affine });
}
