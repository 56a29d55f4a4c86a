// Changes of the library's metadata that several tests ask for.

export const text = (en: string, ar = en) => ({ en, ar });

/** Eight fields, a validation, a relation to what is there. */
export const readings = {
  op: 'addEntity',
  entity: {
    name: 'readings',
    singular: 'reading',
    plural: 'readings',
    label: { en: { one: 'Reading', other: 'Readings' }, ar: { one: 'قراءة', other: 'قراءات' } },
    display: { nameFields: ['title'] },
    features: { timeline: true, import: true, export: true, customFields: true },
    operations: ['create', 'read', 'update', 'delete', 'restore', 'import', 'export'],
    fields: {
      title: { type: 'text', label: text('Title'), maxLength: 200, required: true },
      code: { type: 'text', label: text('Code'), maxLength: 20, unique: true },
      held_on: { type: 'date', label: text('Held on') },
      seats: { type: 'integer', label: text('Seats'), min: 0 },
      fee: { type: 'decimal', label: text('Fee'), precision: 10, scale: 2 },
      kind: {
        type: 'select',
        label: text('Kind'),
        options: [
          { value: 'public', label: text('Public') },
          { value: 'closed', label: text('Closed') },
        ],
        default: 'public',
      },
      guests: { type: 'integer', label: text('Guests') },
      notes: { type: 'longText', label: text('Notes'), maxLength: 2000 },
    },
    search: {
      fields: [
        { name: 'title', weight: 'A' },
        { name: 'code', weight: 'B' },
      ],
    },
    validationRules: [
      {
        name: 'no_more_guests_than_seats',
        on: ['create', 'update'],
        errorWhen: { fact: 'guests', operator: 'greaterThan', value: { fact: 'seats' } },
        field: 'guests',
        message: text('More guests than seats.'),
      },
    ],
  },
};

export const toBranches = {
  op: 'addRelation',
  entity: 'readings',
  relation: {
    name: 'branch',
    kind: 'belongsTo',
    label: text('Branch'),
    entity: 'branches',
    field: 'branch_id',
    inverse: 'readings',
    inverseLabel: text('Readings'),
    onDelete: 'restrict',
  },
};

export const readingsLayout = {
  op: 'setLayout',
  layout: {
    name: 'readings_detail',
    entity: 'readings',
    type: 'detail',
    priority: 10,
    tabs: [
      {
        id: 'overview',
        label: text('Overview'),
        sections: [
          {
            id: 'reading',
            label: text('The reading'),
            columns: 2,
            rows: [
              [{ field: 'title', span: 2 }],
              [{ field: 'held_on' }, { field: 'branch_id' }],
              [{ field: 'seats' }, { field: 'guests' }],
            ],
          },
        ],
      },
    ],
  },
};
