/**
 * Writes a ratings.csv in the shape of MovieLens 20M (20,000,263 ratings of 138,493 users for 26,744 films, by user, half stars,
 * Unix seconds): `node tests/bench/import-ratings.mjs FILE [RATINGS]`. Popularities and activities follow power laws; the seed is fixed, so
 * the file is the same everywhere.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import process from 'node:process';

const RATINGS = 20_000_263;
const USERS = 138_493;
const FILMS = 26_744;
const LEAST = 20;
const FIRST_SECOND = 789_652_009;
const SECONDS = 631_000_000;

/** mulberry32: 32 bits of state are enough for a file that only has to look like ratings. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export async function writeRatings(file, ratings = RATINGS) {
  const random = randomOf(20);
  const users = Math.max(1, Math.round((USERS * ratings) / RATINGS));
  // films by a power law: most ratings go to few of them; ids have gaps, as MovieLens' have
  const film = () => 1 + 4 * Math.floor(FILMS * random() ** 3);
  const out = createWriteStream(file);
  let written = 0;
  let text = 'userId,movieId,rating,timestamp\n';
  for (let user = 1; user <= users; user++) {
    const left = ratings - written;
    const mean = left / (users - user + 1);
    // at least 20 each, as there, and a long tail
    const drawn = LEAST + Math.floor(-Math.log(1 - random()) * Math.max(0, mean - LEAST));
    const wanted = Math.min(user === users ? left : drawn, left, FILMS >> 2);
    const own = new Set();
    while (own.size < wanted) own.add(film());
    let second = FIRST_SECOND + Math.floor(random() * SECONDS);
    for (const id of [...own].sort((a, b) => a - b)) {
      second += Math.floor(random() * 60);
      text += `${user},${id},${(1 + Math.floor(random() * 10)) / 2},${second}\n`;
      written += 1;
    }
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
  return written;
}

const [, script, file, ratings] = process.argv;
if (script?.endsWith('import-ratings.mjs') && file !== undefined) {
  process.stdout.write(
    `${await writeRatings(file, ratings === undefined ? RATINGS : Number(ratings))} ratings\n`,
  );
}
