import texts from './descriptions.json' with { type: 'json' };

/** Parameters of extensions, such as `pgaudit.log`, that we have something to say about. */
export const extensionParameters: readonly string[] = Object.keys(texts).filter((name) => name.includes('.'));
