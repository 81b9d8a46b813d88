// The built-in constructors that generated code gets as a parameter, since the user's module may define its own `Map`
// or `Object`.

/** Constructors of this realm. */
export interface BuiltIns {
  readonly Object: ObjectConstructor;
  readonly Array: ArrayConstructor;
  readonly Map: MapConstructor;
  readonly Set: SetConstructor;
  readonly Date: DateConstructor;
}
