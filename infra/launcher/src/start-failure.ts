/** Something the person at the keyboard can mend: the message is one clear line that says what to do. */
export class StartFailure extends Error {
  override name = 'StartFailure'
}
