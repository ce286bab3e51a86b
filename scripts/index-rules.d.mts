export declare function indexText(): string;
export declare function confIndexText(): string;
