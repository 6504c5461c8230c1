// SPDX-License-Identifier: Apache-2.0

// The compiler ignores a misspelt feature name without a word. Each feature that the manifest switches
// on is asked for here by name, so that a slip there does not build; `ManifestTests` holds this list
// against the manifest.

#if !hasFeature(ExistentialAny)
#error("ExistentialAny is not on: see Package.swift")
#endif
#if !hasFeature(InternalImportsByDefault)
#error("InternalImportsByDefault is not on: see Package.swift")
#endif
#if !hasFeature(MemberImportVisibility)
#error("MemberImportVisibility is not on: see Package.swift")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
#error("NonisolatedNonsendingByDefault is not on: see Package.swift")
#endif
#if !hasFeature(InferIsolatedConformances)
#error("InferIsolatedConformances is not on: see Package.swift")
#endif
#if !hasFeature(ImmutableWeakCaptures)
#error("ImmutableWeakCaptures is not on: see Package.swift")
#endif
#if !hasFeature(StrictMemorySafety)
#error("strict memory safety is not on: see Package.swift")
#endif
