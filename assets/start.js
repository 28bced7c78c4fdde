// The last script: starts Dash, once everything it draws with is there.
"use strict";

window.renderer = new DashRenderer({});
