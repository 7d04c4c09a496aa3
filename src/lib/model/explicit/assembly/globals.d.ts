/** 1 in the build for browsers with relaxed SIMD, where a product and a sum are one instruction; else 0. */
declare const RELAXED_SIMD: i32;
