// The buttons above a formatted text: what stands under the cursor is pressed.
import { ActionIcon, Popover, TextInput, Tooltip } from '@mantine/core';
import {
  IconBlockquote,
  IconBold,
  IconH2,
  IconH3,
  IconItalic,
  IconLink,
  IconList,
  IconListNumbers,
  IconUnderline,
  IconUnlink,
} from '@tabler/icons-react';
import { type Editor, useEditorState } from '@tiptap/react';
import { type ComponentType, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import classes from './rich-text.module.css';

interface Tool {
  readonly key: string;
  readonly icon: ComponentType<{ readonly size: number }>;
  readonly active: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => boolean;
}

const heading = (level: 2 | 3): Pick<Tool, 'active' | 'run'> => ({
  active: (editor) => editor.isActive('heading', { level }),
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
});

const tools: readonly Tool[] = [
  { key: 'editor.bold', icon: IconBold, active: (e) => e.isActive('bold'), run: (e) => e.chain().focus().toggleBold().run() },
  {
    key: 'editor.italic',
    icon: IconItalic,
    active: (e) => e.isActive('italic'),
    run: (e) => e.chain().focus().toggleItalic().run(),
  },
  {
    key: 'editor.underline',
    icon: IconUnderline,
    active: (e) => e.isActive('underline'),
    run: (e) => e.chain().focus().toggleUnderline().run(),
  },
  { key: 'editor.heading', icon: IconH2, ...heading(2) },
  { key: 'editor.subheading', icon: IconH3, ...heading(3) },
  {
    key: 'editor.bullets',
    icon: IconList,
    active: (e) => e.isActive('bulletList'),
    run: (e) => e.chain().focus().toggleBulletList().run(),
  },
  {
    key: 'editor.numbers',
    icon: IconListNumbers,
    active: (e) => e.isActive('orderedList'),
    run: (e) => e.chain().focus().toggleOrderedList().run(),
  },
  {
    key: 'editor.quote',
    icon: IconBlockquote,
    active: (e) => e.isActive('blockquote'),
    run: (e) => e.chain().focus().toggleBlockquote().run(),
  },
];

interface ButtonProps {
  readonly name: string;
  readonly icon: Tool['icon'];
  readonly pressed: boolean;
  readonly onClick: () => void;
}

function ToolButton({ name, icon: Icon, pressed, onClick }: ButtonProps) {
  return (
    <Tooltip label={name} withinPortal={false}>
      <ActionIcon
        variant={pressed ? 'light' : 'subtle'}
        color={pressed ? undefined : 'gray'}
        c={pressed ? undefined : 'var(--mantine-color-text)'}
        size={30}
        aria-label={name}
        aria-pressed={pressed}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onClick}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

function LinkTool({ editor, pressed }: { readonly editor: Editor; readonly pressed: boolean }) {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState('');
  const start = (): void => {
    setAddress(String(editor.getAttributes('link')['href'] ?? ''));
    setOpen(true);
  };
  const apply = (): void => {
    const chain = editor.chain().focus().extendMarkRange('link');
    if (address.trim() === '') chain.unsetLink().run();
    else chain.setLink({ href: address.trim() }).run();
    setOpen(false);
  };
  return (
    <>
      <Popover opened={open} onChange={setOpen} trapFocus shadow="md" width={320} withinPortal>
        <Popover.Target>
          <ActionIcon
            variant={pressed ? 'light' : 'subtle'}
            color={pressed ? undefined : 'gray'}
            c={pressed ? undefined : 'var(--mantine-color-text)'}
            size={30}
            aria-label={t('editor.link')}
            onMouseDown={(event) => event.preventDefault()}
            onClick={start}
          >
            <IconLink size={16} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <TextInput
            type="url"
            label={t('editor.linkAddress')}
            classNames={{ input: 'formwork-ltr' }}
            value={address}
            onChange={(event) => setAddress(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              // The form round it is not meant.
              event.preventDefault();
              apply();
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {pressed ? (
        <ToolButton
          name={t('editor.linkRemove')}
          icon={IconUnlink}
          pressed={false}
          onClick={() => editor.chain().focus().extendMarkRange('link').unsetLink().run()}
        />
      ) : null}
    </>
  );
}

export function RichTextToolbar({ editor, label }: { readonly editor: Editor; readonly label: string }) {
  const { t } = useText();
  const active = useEditorState({
    editor,
    selector: ({ editor: current }) =>
      [...tools.filter((tool) => tool.active(current)).map(({ key }) => key), current.isActive('link') ? 'link' : ''].join(' '),
  }).split(' ');
  return (
    <div role="toolbar" aria-label={t('editor.toolbar', { field: label })} className={classes.toolbar}>
      {tools.map(({ key, icon, run }) => (
        <ToolButton key={key} name={t(key)} icon={icon} pressed={active.includes(key)} onClick={() => run(editor)} />
      ))}
      <LinkTool editor={editor} pressed={active.includes('link')} />
    </div>
  );
}
