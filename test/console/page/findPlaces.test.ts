import { expect, it } from 'vitest';
import { findPlaces } from '../../../console/page/findPlaces.ts';
import { fakeBrowser } from './fakeBrowser.ts';

it('says in a sentence where nothing was found', async () => {
  fakeBrowser(() => ({ places: [], looked: 'the order of this id, and the messages of late' }));

  expect(await findPlaces('777777')).toEqual({
    places: [],
    why: 'Nothing has the id 777777. Looked at: the order of this id, and the messages of late.',
  });
});
