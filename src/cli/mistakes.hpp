// Errors about a command line, worded without quoting anything that may be a secret. Each function
// throws Error (usage).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::cli {

// Every flag the verb accepts, by its long name.
std::vector<std::string_view> flags_of(const Verb& verb);

// `words` do not begin with a verb.
[[noreturn]] void refuse_verb(std::span<const std::string> words);

[[noreturn]] void refuse_flag(const Verb& verb, std::string_view word);

// Too many operands.
[[noreturn]] void refuse_extra(const Verb& verb);

// `flag` follows `setting` in place of its value.
[[noreturn]] void refuse_missing_value(const Verb& verb, config::Setting setting,
                                       const std::string& flag);

// CLI11 rejected `args`.
[[noreturn]] void refuse_line(const Verb& verb, const std::vector<std::string>& args);

}  // namespace bqconn::cli
