// A validatorUrl would send the document to somebody else's server.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null, docExpansion: "none", tagsSorter: "alpha" });
