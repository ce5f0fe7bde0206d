declare module 'bigbluebutton-js' {
  type Params = Record<string, string | number | boolean>
  type Api = {
    administration: {
      create(name: string, meetingId: string, params?: Params): string
      join(fullName: string, meetingId: string, password: string, params?: Params): string
      end(meetingId: string, password: string): string
    }
    monitoring: {
      getMeetingInfo(meetingId: string): string
      isMeetingRunning(meetingId: string): string
      getMeetings(): string
    }
    recording: { getRecordings(params?: Params): string }
  }
  const library: { api(host: string, secret: string): Api; http(url: string): Promise<Record<string, unknown>> }
  export default library
}
