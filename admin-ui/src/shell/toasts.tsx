// Where short messages appear; fetched beside the first page, which does not wait for it.
import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';

export default function Toasts() {
  return <Notifications position="bottom-center" />;
}
