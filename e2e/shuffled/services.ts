// The one place where services stand side by side: a test of the whole may, a service may not.
export { service as billing } from '@meetcoop/billing'
export { service as membership } from '@meetcoop/membership'
export { service as recordingStorage } from '@meetcoop/recording-storage'
export { service as roomScheduling } from '@meetcoop/room-scheduling'
