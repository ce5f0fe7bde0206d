import { writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Description, StoredFile } from '../../recording/recording.ts'
import { DownloadFailed, openDownload } from './download.ts'
import { fileUrl, formats, metadataFile, type FormatType } from './formats.ts'
import { metadataBytesMax, parseMetadata, type Metadata } from './metadata-xml.ts'
import type { Shelf } from './shelf.ts'

type Fetching = { apiUrl: string; recordingId: string; type: FormatType; shelf: Shelf }

/** The largest recording: many hours of video. */
const recordingBytesMax = 50_000_000_000

/** Reads what the node says of the recording. Throws if it is another one's. */
export async function fetchMetadata({ apiUrl, recordingId, type }: Omit<Fetching, 'shelf'>) {
  const download = await openDownload(fileUrl(apiUrl, type, recordingId, metadataFile))
  const xml = await download.text(metadataBytesMax)
  const metadata = parseMetadata(xml)
  if (metadata.recordingId !== recordingId || metadata.format !== type)
    throw new DownloadFailed(`${recordingId}: its metadata speaks of another recording or format`)
  return { xml, metadata }
}

/** Asks for the format's files. Their bytes are told before one of them is fetched. */
export async function openFiles({ apiUrl, recordingId, type }: Omit<Fetching, 'shelf'>) {
  const files = await Promise.all(
    formats[type].files.map(async (name) => ({
      name,
      download: await openDownload(fileUrl(apiUrl, type, recordingId, name)),
    })),
  )
  const turnAway = () => Promise.all(files.map(({ download }) => download.turnAway()))
  const told = files.map(({ download }) => download.bytes)
  return { files, turnAway, bytes: told.every((bytes) => bytes !== undefined) ? sum(told) : undefined }
}

export type OpenFiles = Awaited<ReturnType<typeof openFiles>>

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** The bytes to take room for: as the node tells, checked against its metadata. Throws where it says nothing or lies. */
export function neededBytes({ xml, metadata }: { xml: string; metadata: Metadata }, told: number | undefined): number {
  const files = told ?? metadata.folderBytes
  if (files === undefined) throw new DownloadFailed('the node does not say how large the recording is')
  if (metadata.folderBytes !== undefined && files > metadata.folderBytes)
    throw new DownloadFailed(`${files} bytes, but its metadata says ${metadata.folderBytes}`)
  const bytes = files + Buffer.byteLength(xml)
  if (bytes > recordingBytesMax) throw new DownloadFailed(`${bytes} bytes are too many for one recording`)
  return bytes
}

/** Fetches the files and puts the recording on the shelf, whole or not at all. */
export async function shelve(
  { recordingId, type, shelf }: Omit<Fetching, 'apiUrl'>,
  { xml, metadata }: { xml: string; metadata: Metadata },
  { files }: OpenFiles,
  bytesMax: number,
): Promise<Description> {
  const folder = await shelf.begin(recordingId, type)
  try {
    await writeFile(join(folder, metadataFile), xml, { mode: 0o600, flush: true })
    const stored: StoredFile[] = [describe(xml)]
    for (const { name, download } of files) {
      const leftBytes = bytesMax - sum(stored.map(({ bytes }) => bytes))
      stored.push({ name, ...(await download.save(join(folder, name), leftBytes)) })
    }
    await shelf.finish(recordingId, type)
    return { ...metadata.about, formats: [{ type, lengthMinutes: metadata.lengthMinutes, files: stored }] }
  } catch (error) {
    await shelf.abandon(recordingId)
    throw error
  }
}

const describe = (xml: string): StoredFile => ({
  name: metadataFile,
  bytes: Buffer.byteLength(xml),
  sha256: createHash('sha256').update(xml).digest('hex'),
})
