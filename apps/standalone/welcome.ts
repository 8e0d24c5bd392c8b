/** What a person sees who has just started it: where it is, and what to try first. */
export function welcome(url: string): string {
  return `
  mixdown listens on ${url}

  Try it, with any video at hand:

    curl -s ${url}/v1/auth/register -H 'Content-Type: application/json' -d '{"email":"me@example.org","password":"a long password"}'
    TOKEN=$(curl -s -X POST ${url}/login -u 'me@example.org:a long password')
    curl -s ${url}/v1/uploads -H "Authorization: Bearer $TOKEN" -F convert=mp3 -F file=@video.mp4

  The answer names the conversion. Follow it, then fetch the MP3:

    curl -sN ${url}/v1/conversions/ID/events -H "Authorization: Bearer $TOKEN" -H 'Accept: text/event-stream'
    curl -s ${url}/v1/outputs/ID -H "Authorization: Bearer $TOKEN" -OJ

  ${url}/docs has the rest. Ctrl-C ends it; nothing that was accepted is lost.

`;
}
