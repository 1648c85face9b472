/**
 * The old names of npm scripts run this. It says the new name and fails, so that an old name never passes for
 * a success. npm sets `npm_lifecycle_event` to the name that the user typed.
 */
const NEW_NAMES: Readonly<Record<string, string>> = {
  'simulate:faults': 'simulation',
  'simulate:worlds': 'simulation:worlds',
  'simulate:bugs': 'simulation:bugs',
};

const oldName = process.env.npm_lifecycle_event ?? '';
console.error(`npm run ${oldName}: this command has a new name: npm run ${NEW_NAMES[oldName] ?? ''}`);
process.exitCode = 2;
