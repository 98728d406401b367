/** The library with files: everything of the first door, and reading catalog folders and model files. */
export * from './catalogs/folder.node.ts'
export * from './index.ts'
export { readModelFile } from './model-file.node.ts'
