import { useNavigation } from '@remix-run/react'
import { Button, type ButtonProps } from '#app/components/ui/Button.tsx'

/** Sends its form, once: while the answer is on its way it takes no second press. */
export function SubmitButton(props: Omit<ButtonProps, 'type' | 'pending' | 'onPress'>) {
  const { formData } = useNavigation()
  const mine = formData !== undefined && (!props.name || formData.get(props.name) === props.value)
  return <Button look="primary" {...props} type="submit" pending={mine} />
}
