// The catalogue of operations: a new one is an entry here and a function beside.
import type { JsonSchema } from '../../fields/field-type.ts';
import { addEntity } from './add-entity.ts';
import { changeEntity, renameEntity, retireEntity } from './entities.ts';
import { addField, changeField, renameField, retireField } from './fields.ts';
import { retireObject, type ScreenKind, setObject } from './objects.ts';
import { type Operation, operation } from './operation.ts';
import { retireOptionSet, setOptionSet, setOptions } from './options.ts';
import { addRelation, changeRelation, renameRelation, retireRelation } from './relations.ts';
import { addIndex, retireIndex, retireRule, setRule } from './rules.ts';
import * as shape from './shape-parts.ts';
import type { MetadataChange } from './types.ts';

const { aliasDays, flag, given, knownName, newId, newName, options, patch, replace } = shape;
const entity = knownName;
const name = knownName;
const retiring = { 'cascade?': flag };
const renaming = { to: newName, 'aliasDays?': aliasDays };
const index = given({ id: newId, fields: { type: 'array', items: { type: 'string' }, minItems: 1 } }, ['fields']);
const rule = given({ name: newName }, ['name']);
const optionSet = given({ name: newName, id: newId, options }, ['name', 'options']);

const set = (
  kind: ScreenKind,
  payload: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): Operation =>
  operation(
    { [`${payload}?`]: given({ id: newId, ...properties }, required), 'name?': name, 'set?': patch },
    setObject(kind, payload),
  );
const retire = (kind: ScreenKind): Operation => operation({ name, ...retiring }, retireObject(kind));
const named = { name: newName };

export const operations: Readonly<Record<MetadataChange['op'], Operation>> = {
  addEntity: operation({ entity: shape.entity, 'layout?': given({}), 'view?': given({}) }, addEntity),
  changeEntity: operation({ entity, set: patch }, changeEntity),
  renameEntity: operation({ entity, ...renaming, 'singular?': newName, 'label?': { type: ['string', 'object'] } }, renameEntity),
  retireEntity: operation({ entity, ...retiring }, retireEntity),
  addField: operation({ entity, field: shape.field }, addField),
  changeField: operation({ entity, name, set: shape.fieldPatch, 'unconvertible?': { enum: ['refuse', 'empty'] } }, changeField),
  renameField: operation({ entity, name, ...renaming }, renameField),
  retireField: operation({ entity, name, ...retiring }, retireField),
  addRelation: operation({ entity, relation: shape.relation }, addRelation),
  changeRelation: operation({ entity, name, set: patch }, changeRelation),
  renameRelation: operation(
    { entity, name, ...renaming, 'field?': newName, 'typeField?': newName, 'idField?': newName, 'inverse?': newName },
    renameRelation,
  ),
  retireRelation: operation({ entity, name, ...retiring }, retireRelation),
  setOptions: operation(
    { 'entity?': entity, 'field?': name, 'optionSet?': name, options, 'replace?': replace, ...retiring },
    setOptions,
  ),
  setOptionSet: operation({ optionSet, 'replace?': replace, ...retiring }, setOptionSet),
  retireOptionSet: operation({ name, ...retiring }, retireOptionSet),
  addIndex: operation({ entity, index }, addIndex),
  retireIndex: operation({ entity, 'id?': name, 'fields?': { type: 'array', items: { type: 'string' } } }, retireIndex),
  setValidationRule: operation({ entity, rule }, setRule('validationRules')),
  setDuplicateRule: operation({ entity, rule }, setRule('duplicateRules')),
  retireValidationRule: operation({ entity, name }, retireRule('validationRules')),
  retireDuplicateRule: operation({ entity, name }, retireRule('duplicateRules')),
  setLayout: set('layouts', 'layout', named, ['name']),
  setView: set('views', 'view', named, ['name']),
  setDashboard: set('dashboards', 'dashboard', named, ['name']),
  setWorkflow: set('workflows', 'workflow', named, ['name']),
  setRole: set('roles', 'role', named, ['name']),
  setImportMapping: set('importMappings', 'importMapping', {}),
  retireLayout: retire('layouts'),
  retireView: retire('views'),
  retireDashboard: retire('dashboards'),
  retireWorkflow: retire('workflows'),
  retireRole: retire('roles'),
  retireImportMapping: retire('importMappings'),
};
