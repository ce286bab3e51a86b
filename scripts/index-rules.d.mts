export declare function indexText(): string;
