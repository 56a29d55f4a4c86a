// What the metadata API is made of: the versions in the database, the registry that this process serves, and the records that mirror it.
import type { Registry, RegistryHolder } from '../metadata/registry.ts';
import type { Actor } from '../repository/actor.ts';
import type { Repository } from '../repository/repository.ts';
import type { Log } from '../telemetry/log.ts';
import type { VersionServices } from '../versions/services.ts';

export interface StudioServices {
  readonly versions: VersionServices;
  readonly registry: RegistryHolder;
  readonly repository: Repository;
  readonly log: Log;
  /** Serves what was published since, at once; resolves to whether there was something newer. */
  readonly refresh: () => Promise<boolean>;
  /** Brings the records that mirror the metadata to this registry. */
  readonly mirror: (registry: Registry) => Promise<void>;
  /** What the parts above the metadata have against its workflows: steps that no catalogue has. */
  readonly objections: (registry: Registry) => readonly Objection[];
  /** How the rights that roles give in effect differ. */
  readonly rightsDifferences: (from: Registry, to: Registry) => readonly object[];
  /** Roles, workflows and entities of `wanted` that would give somebody rights which the actor lacks. */
  readonly overreaching: (actor: Actor, base: Registry, wanted: Registry) => readonly Overreach[];
}

export interface Overreach {
  readonly kind: 'role' | 'workflow' | 'entity';
  readonly name: string;
  readonly detail: string;
}

export interface Objection {
  /** Id of the workflow. */
  readonly workflow: string;
  /** Into the workflow. */
  readonly pointer: string;
  readonly detail: string;
}
