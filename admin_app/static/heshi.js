// What the pages do beyond plain HTML. Each file is one idea and leaves a page alone
// that has no use for it; without script everything but look-ups and new part rows still works.

import { start as amounts } from "./js/amounts.js";
import { start as dates } from "./js/dates.js";
import { start as jobs } from "./js/jobs.js";
import { start as keys } from "./js/keys.js";
import { start as leaving } from "./js/leaving.js";
import { start as looks } from "./js/looks.js";
import { start as lookups } from "./js/lookups.js";
import { start as parts } from "./js/parts.js";
import { start as popups } from "./js/popups.js";
import { start as scans } from "./js/scans.js";
import { start as search } from "./js/search.js";
import { start as sheet } from "./js/sheet.js";
import { start as sidebar } from "./js/sidebar.js";
import { start as sifting } from "./js/sifting.js";
import { start as submitting } from "./js/submitting.js";
import { start as theme } from "./js/theme.js";
import { start as ticks } from "./js/ticks.js";
import { start as tree } from "./js/tree.js";
import { start as uploads } from "./js/uploads.js";
import { start as whole } from "./js/whole.js";

// Popups come before leaving: both listen for Esc, and the first to use it keeps it.
for (const start of [theme, sidebar, popups, search, tree, ticks, whole, parts, sheet, amounts, dates, lookups, looks, sifting, uploads, jobs, scans, submitting, leaving, keys]) start();
