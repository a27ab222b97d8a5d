console.error("Placeholder of the command; cli/ replaces it.");
