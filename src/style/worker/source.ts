/**
 * The script of a worker as a text: worker-main.ts with all that it imports. The build of the package puts it here
 * (rollup.config.mjs); without a build, and where there are no workers, there is none.
 */
export const workerSource: string | undefined = undefined;
