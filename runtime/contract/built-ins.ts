// JavaScript's own constructors, handed to generated code: a user's module may have another `Map` or `Object` in scope.

export interface BuiltIns {
  readonly Object: ObjectConstructor;
  readonly Array: ArrayConstructor;
  readonly Map: MapConstructor;
  readonly Set: SetConstructor;
  readonly Date: DateConstructor;
}
