export default {
  title: 'Print device codes',
  text: 'Makes a new code for each chosen classroom, to print with its QR code and hand to the receiving school. A code is valid for 7 days and works once.',
  madeText: 'The codes are shown this once: print them now.',
  makeN: 'Make {n} codes',
  make: 'Make them',
  all: 'All of them',
  sureTitle: '{n} of these screens are in use',
  sureText: 'A new code logs them out at once until it is typed in. To give codes to new classrooms only, leave them out.',
  qr: 'QR code: {address}',
  how: 'On the classroom’s screen open {address} and type the code, or scan the QR code there.',
  until: 'Valid until {day}; works once.',
}
