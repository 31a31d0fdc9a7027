#include "cli/typed_so_far.hpp"

#include <algorithm>

namespace bqconn::cli {
namespace {

using config::Setting;
using config::SettingSpec;
using config::Takes;

constexpr std::size_t short_flag = 2;  // "-o"

const SettingSpec* find_flag(const Verb& verb, std::string_view flag) {
    for (const Setting setting : verb.settings) {
        const auto& spec = config::spec_of(setting);
        if (!flag.empty() && (spec.flag == flag || spec.alias == flag)) {
            return &spec;
        }
    }
    return nullptr;
}

// The long name of a switch; empty if unknown.
std::string_view find_switch(const Verb& verb, std::string_view flag) {
    for (const auto& list : {std::span<const Switch>(verb.switches), common_switches()}) {
        for (const auto& one : list) {
            if (one.flag == flag || (!flag.empty() && one.alias == flag)) {
                return one.flag;
            }
        }
    }
    return {};
}

// Ignores "-": standard input belongs to the command still being typed.
void add_value(TypedSoFar& so_far, const SettingSpec& spec, const std::string& value) {
    so_far.flags.emplace(spec.flag);
    const bool secret = spec.takes == Takes::secret;
    const bool from_file = secret && value.starts_with('@');
    const bool valid = !value.empty() && !(secret && value == "-") &&
                       (from_file || !config::check_value(spec, value));
    if (valid) {
        so_far.typed[spec.setting].emplace_back(value);
    }
}

// "-v", or several combined: "-vq".
void add_switches(TypedSoFar& so_far, std::string_view word) {
    if (const auto name = find_switch(*so_far.verb, word); !name.empty()) {
        so_far.flags.emplace(name);
    } else if (!word.starts_with("--")) {
        for (const char letter : word.substr(1)) {
            so_far.flags.emplace(find_switch(*so_far.verb, std::string{'-', letter}));
        }
    }
}

void add_flag(TypedSoFar& so_far, const std::string& word) {
    if (const FlagPart part = flag_part(*so_far.verb, word); part.spec != nullptr) {
        add_value(so_far, *part.spec, word.substr(part.text.size()));
        return;
    }
    const SettingSpec* const spec = find_flag(*so_far.verb, word);
    if (spec == nullptr) {
        add_switches(so_far, word);
    } else if (spec->takes == Takes::yes_no) {
        add_value(so_far, *spec, "true");
    } else {
        so_far.flags.emplace(spec->flag);
        so_far.unfinished = spec;
    }
}

}  // namespace

FlagPart flag_part(const Verb& verb, std::string_view word) {
    FlagPart part;
    if (word.starts_with("--")) {
        const auto equals = word.find('=');
        if (equals != std::string_view::npos) {
            part = {find_flag(verb, word.substr(0, equals)), word.substr(0, equals + 1)};
        }
    } else if (word.size() > short_flag && word.front() == '-') {
        part = {find_flag(verb, word.substr(0, short_flag)), word.substr(0, short_flag)};
    }
    const bool takes_value = part.spec != nullptr && part.spec->takes != Takes::yes_no;
    return takes_value ? part : FlagPart{};
}

TypedSoFar typed_so_far(const std::vector<std::string>& words) {
    TypedSoFar so_far;
    const NamedVerb named = find_verb(words);
    so_far.verb = named.verb;
    if (so_far.verb == nullptr) {
        return so_far;
    }
    for (auto word = words.begin() + static_cast<std::ptrdiff_t>(named.words); word != words.end();
         ++word) {
        if (so_far.unfinished != nullptr) {
            add_value(so_far, *so_far.unfinished, *word);
            so_far.unfinished = nullptr;
        } else if (so_far.flags_ended || !word->starts_with('-') || *word == "-") {
            so_far.operands.push_back(*word);
        } else if (*word == "--") {
            so_far.flags_ended = true;
        } else {
            add_flag(so_far, *word);
        }
    }
    return so_far;
}

}  // namespace bqconn::cli
