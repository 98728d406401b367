import { fileURLToPath } from 'node:url'

/**
 * Chart.js and the what-if controls in one script, made by the build from `what-if/page.ts`. Named here, one folder
 * deep, because the joined command in `dist/bundle` resolves it from the same depth.
 */
export const scriptFile = fileURLToPath(new URL('../../dist/report/what-if.js', import.meta.url))
