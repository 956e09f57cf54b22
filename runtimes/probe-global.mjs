// A script without exports, as edge functions become: its host calls `probe`.
import { probe } from './probe.mjs';

globalThis.probe = probe;
