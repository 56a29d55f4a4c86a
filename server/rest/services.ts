// What the REST endpoints are made of.
import type { RouteContext } from '../http/resource.ts';
import type { RequestState } from '../repository/context.ts';
import type { Repository } from '../repository/repository.ts';

export interface RestServices {
  readonly repository: Repository;
}

export type RestContext = RouteContext<RequestState>;
