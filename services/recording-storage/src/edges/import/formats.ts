/** Where a node keeps a recording's files, by playback format. The formats we fetch, best first. */
export const formats = {
  video: { folder: 'playback/video', files: ['video-0.m4v'] },
} as const

export type FormatType = keyof typeof formats

export const metadataFile = 'metadata.xml'

/** What a browser is told a file is, by its ending. Only these are ever served. */
export const contentTypes: Readonly<Record<string, string>> = { m4v: 'video/mp4' }

/** The address of a file of a recording on the node whose API is at apiUrl. */
export const fileUrl = (apiUrl: string, type: FormatType, recordingId: string, file: string): string =>
  new URL(`/${formats[type].folder}/${recordingId}/${file}`, apiUrl).href
