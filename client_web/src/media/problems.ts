/** What a browser says when a device can't be had, as a small set of things a person can do something about. */

export type DeviceKind = 'camera' | 'microphone' | 'screen'

export type ProblemCode =
  /** http:// on another machine: browsers give no devices there at all. */
  | 'insecure'
  /** The person or the system said no. */
  | 'denied'
  /** No such device is plugged in. */
  | 'missing'
  /** Another program holds it, or the driver failed. */
  | 'busy'
  /** It can't do what was asked for. */
  | 'overconstrained'
  /** The picker was closed without a choice: not a problem to report. */
  | 'cancelled'
  | 'unsupported'
  | 'unknown'

export interface DeviceProblem {
  kind: DeviceKind
  code: ProblemCode
}

const BY_NAME: Record<string, ProblemCode> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  DevicesNotFoundError: 'missing',
  NotReadableError: 'busy',
  TrackStartError: 'busy',
  AbortError: 'busy',
  OverconstrainedError: 'overconstrained',
  ConstraintNotSatisfiedError: 'overconstrained',
  NotSupportedError: 'unsupported',
  TypeError: 'unsupported',
}

export interface Surroundings {
  secure: boolean
  hasMediaDevices: boolean
}

export function problemOf(error: unknown, kind: DeviceKind, around: Surroundings): DeviceProblem {
  if (!around.secure) return { kind, code: 'insecure' }
  if (!around.hasMediaDevices) return { kind, code: 'unsupported' }
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  const code = BY_NAME[name] ?? 'unknown'
  // Closing the screen picker is reported as NotAllowedError by every browser.
  return { kind, code: kind === 'screen' && code === 'denied' ? 'cancelled' : code }
}
