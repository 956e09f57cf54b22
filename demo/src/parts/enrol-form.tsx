import { useId, useState } from 'preact/hooks';
import { explain } from '../data/explain.ts';

interface EnrolFormProps {
  /** Which face of the photo, from 1. */
  readonly face: number;
  readonly enrol: (name: string) => Promise<void>;
  /** Who it seems to be: one more example helps. */
  readonly suggestion: string | undefined;
}

/** Gives a face a name. */
export function EnrolForm({ face, enrol, suggestion }: EnrolFormProps) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const message = useId();
  const submit = async (event: Event) => {
    event.preventDefault();
    const given = (name || suggestion || '').trim();
    if (!given) return setError('A name, please.');
    try {
      await enrol(given);
      setName('');
      setError(undefined);
    } catch (reason) {
      setError(explain(reason));
    }
  };
  return (
    <form class="enrol" onSubmit={submit} noValidate>
      <input
        type="text"
        value={name}
        maxLength={256}
        autocomplete="off"
        placeholder={suggestion ?? 'Name'}
        aria-label={`Name of face ${face}`}
        aria-invalid={error !== undefined}
        aria-describedby={error ? message : undefined}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit" aria-label={suggestion ? `Add example: face ${face}` : `Enrol face ${face}`}>
        {suggestion ? 'Add example' : 'Enrol'}
      </button>
      {error && (
        <p class="error" id={message} role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
