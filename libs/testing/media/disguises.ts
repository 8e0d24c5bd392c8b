/** Text that makes ffmpeg, left to guess, open the file `canary` (a name beside it); the last ones are merely no media. */
export const disguises: Readonly<Record<string, (canary: string) => string>> = {
  'ffconcat script': (canary) => `ffconcat version 1.0\nfile '${canary}'\n`,
  'HLS playlist': (canary) =>
    `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${canary}\n#EXT-X-ENDLIST\n`,
  'DASH manifest': (canary) =>
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="a" bandwidth="1"><BaseURL>${canary}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
  'session description': () =>
    'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
  'plain text': () => 'This is not a video at all, whatever it is called.\n'.repeat(50),
  'web page': () => '<!doctype html><html><head><title>404</title></head><body>Not found</body></html>',
};
