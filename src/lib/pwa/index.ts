/** The page as an app on the device: its offline copy, its updates, its installation. Knows no framework. */
export { watchInstallation, type Installation, type InstallOption } from './installation.ts';
export { keepOfflineCopy, type OfflineCopy, type OfflineReadiness, type OfflineStatus } from './offline.ts';
