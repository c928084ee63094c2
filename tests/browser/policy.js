// Makes every breach of the content security policy a complaint on the console, where the test hears it.
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  console.error(`refused by the policy: ${violatedDirective} ${blockedURI}`);
});
