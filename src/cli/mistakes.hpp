// What is wrong with a command line, told without a word that may be a secret. Each throws Error
// (usage).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::cli {

// The long names of all that may stand behind the verb.
std::vector<std::string_view> flags_of(const Verb& verb);

// `words` begin with no verb.
[[noreturn]] void refuse_verb(std::span<const std::string> words);

[[noreturn]] void refuse_flag(const Verb& verb, std::string_view word);

// An operand too many.
[[noreturn]] void refuse_extra(const Verb& verb);

// The value of `setting` would be `flag`.
[[noreturn]] void refuse_missing_value(const Verb& verb, config::Setting setting,
                                       const std::string& flag);

// CLI11 cannot read `args`.
[[noreturn]] void refuse_line(const Verb& verb, const std::vector<std::string>& args);

}  // namespace bqconn::cli
