/** One text of a file is replaced by another. */
interface Change {
  /** A path in the project's folder. */
  readonly file: string;
  /** A text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A bug that we put into the product on purpose. */
export interface PlantedBug extends Change {
  readonly name: string;
  /** Changes of other files that belong to it. */
  readonly also?: readonly Change[];
}

export const bug = (name: string, file: string, find: string, replace: string): PlantedBug => ({
  name,
  file,
  find,
  replace,
});
