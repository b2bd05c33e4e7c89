import { useNavigation } from '@remix-run/react'
import Hourglass from 'lucide-react/icons/hourglass'
import { Button, type ButtonProps } from '#app/components/ui/Button.tsx'

/**
 * Sends its form, once: while the answer is on its way it is no submit button. It is not `pending`, since React Aria
 * then leaves an announcement behind that names a button which the next page no longer has.
 */
export function SubmitButton(props: Omit<ButtonProps, 'type' | 'pending' | 'onPress'>) {
  const { formData } = useNavigation()
  const mine = formData !== undefined && (!props.name || formData.get(props.name) === props.value)
  return (
    <Button
      look="primary"
      {...props}
      {...(mine ? { icon: Hourglass } : {})}
      type={mine ? 'button' : 'submit'}
    />
  )
}
