import type { ProblemCode } from '#contracts';

const key = Symbol('the problems that are peculiar to a route');

/**
 * The problems that are peculiar to a route, for its documentation; on a class, to all of its routes. Those that follow
 * from what a route is, such as `unauthenticated` where a token is needed, need not be named: {@link problemsOf}.
 */
export function ApiProblems(...codes: readonly ProblemCode[]): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, method?: PropertyDescriptor) => {
    const place: object = method?.value ?? target;
    Reflect.defineMetadata(key, [...namedAt(place), ...codes], place);
  };
}

/** What {@link ApiProblems} says there: a handler, or a controller. */
export function namedAt(place: object): readonly ProblemCode[] {
  return (Reflect.getOwnMetadata(key, place) as readonly ProblemCode[] | undefined) ?? [];
}
