#!/usr/bin/env node
await import("../dist/clusterfork.js");
