// The editor of formatted text. What its schema does not know it drops, so it shows nothing that the server would not keep.
import { type Editor, EditorContent, useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useEffect, useRef } from 'react';
import classes from './rich-text.module.css';
import { RichTextToolbar } from './rich-text-toolbar.tsx';

interface RichTextEditorProps {
  readonly id: string;
  readonly label: string;
  readonly readOnly: boolean;
  readonly required: boolean;
  readonly invalid: boolean;
  readonly value: string;
  /** undefined: nothing is written. */
  readonly onChange: (html: string | undefined) => void;
  readonly onBlur: () => void;
}

const extensions = [
  StarterKit.configure({
    heading: { levels: [1, 2, 3, 4] },
    // They draw with style sheets of their own, which the page's policy forbids.
    dropcursor: false,
    gapcursor: false,
    link: {
      openOnClick: false,
      protocols: ['mailto', 'tel'],
      HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: null },
    },
  }),
];

const htmlOf = (editor: Editor): string | undefined => (editor.isEmpty ? undefined : editor.getHTML());

export default function RichTextEditor({ id, label, readOnly, required, invalid, value, onChange, onBlur }: RichTextEditorProps) {
  const written = useRef(value);
  const editor = useEditor({
    extensions,
    content: value,
    editable: !readOnly,
    injectCSS: false,
    // Each paragraph runs as its first letter says, here and wherever it is shown later.
    textDirection: 'auto',
    editorProps: {
      attributes: {
        id: `${id}-text`,
        class: classes.text ?? '',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
        'aria-required': String(required),
        'aria-invalid': String(invalid),
        'aria-readonly': String(readOnly),
        tabindex: '0',
      },
    },
    onUpdate: ({ editor: current }) => {
      const html = htmlOf(current);
      written.current = html ?? '';
      onChange(html);
    },
    onBlur,
  });
  useEffect(() => {
    editor?.setEditable(!readOnly, false);
  }, [editor, readOnly]);
  useEffect(() => {
    // The record was read again: what stands here is no longer what was typed.
    if (editor === null || value === written.current) return;
    written.current = value;
    editor.commands.setContent(value, { emitUpdate: false });
  }, [editor, value]);
  if (editor === null) return null;
  return (
    <div className={classes.frame} data-invalid={invalid || undefined} data-readonly={readOnly || undefined}>
      {readOnly ? null : <RichTextToolbar editor={editor} label={label} />}
      <EditorContent editor={editor} />
    </div>
  );
}
