#include "cli/complete.hpp"

#include <algorithm>
#include <exception>
#include <set>
#include <sstream>
#include <utility>

#include "bqconn/cli/parse.hpp"
#include "bqconn/commands/candidates.hpp"
#include "bqconn/config/profiles.hpp"
#include "commands/hide_secrets.hpp"

namespace bqconn::cli {
namespace {

using commands::Switch;
using config::Offers;
using config::Setting;
using config::SettingSpec;
using config::Takes;

// The start of the word at the cursor that is a flag, if a value follows in the same word:
// "--sort=", "-o".
std::string flag_part(const std::string& current) {
    const auto equals = current.find('=');
    if (current.starts_with("--")) {
        return equals == std::string::npos ? "" : current.substr(0, equals + 1);
    }
    return current.size() > 2 && current.front() == '-' ? current.substr(0, 2) : "";
}

class Completer {
  public:
    Completer(const Program& program, output::Console& console, std::vector<std::string> words,
              std::string current)
        : program_(program),
          console_(console),
          current_(std::move(current)),
          words_(std::move(words)),
          line_(read(words_)) {
        commands::hide_secrets(console_, line_.typed, program_.environment);
    }

    // The lines described in the header.
    std::string complete();

  private:
    void offer_verbs();
    void offer_flags();
    bool is_wanted(const SettingSpec& spec) const;
    void offer_value(const SettingSpec& spec);
    bool offer_operand();  // false: no operand is allowed here
    void offer(Offers offers, std::span<const std::string_view> words);
    void offer_from_service(Offers offers);

    void add(std::string_view value, std::string_view description = {}) {
        candidates_.push_back({std::string(value), std::string(description)});
    }
    bool has(Setting setting) const { return line_.typed.contains(setting); }

    const Program& program_;
    output::Console& console_;
    std::string current_;
    std::vector<std::string> words_;
    CommandLine line_;
    std::vector<commands::Candidate> candidates_;
    bool files_ = false;
    std::string prefix_;  // start of the word that candidates do not include
};

// The first word of each verb, or the second one after a group's name; both also after "help".
void Completer::offer_verbs() {
    const bool help = !words_.empty() && words_.front() == "help";
    const auto words = std::span(words_).subspan(help ? 1 : 0);
    const auto* const group = words.empty() ? nullptr : commands::find_group(words.front());
    if (words.size() > (group == nullptr ? 0U : 1U)) {
        return;  // an unknown verb
    }
    if (words_.empty() && current_.starts_with('-')) {
        offer_flags();
        return;
    }
    for (const auto& verb : commands::verbs()) {
        const auto* const own = commands::find_group(group_of(verb));
        if (group != nullptr && own == group) {
            add(verb.name.substr(group->name.size() + 1), verb.summary);
        } else if (group == nullptr) {
            add(own == nullptr ? verb.name : own->name,
                own == nullptr ? verb.summary : own->summary);
        }
    }
    if (words_.empty()) {
        add("help", "Show this help, or the help of a verb");
    }
}

// Leaves out flags already given, unless they are repeatable.
void Completer::offer_flags() {
    const auto add_flag = [this](const auto& one) {
        for (const auto name : {one.flag, one.alias}) {
            if (!name.empty()) {
                add(name, one.help.substr(0, one.help.find(". ")));
            }
        }
    };
    const auto add_switches = [&](std::span<const Switch> switches) {
        for (const auto& one : switches) {
            if (!line_.has(one.id)) {
                add_flag(one);
            }
        }
    };
    if (line_.verb == nullptr) {
        add_switches(commands::general_switches);
        return;
    }
    add_switches(line_.verb->switches);
    for (const Setting setting : line_.verb->settings) {
        const auto& spec = config::spec_of(setting);
        if (!spec.flag.empty() &&
            (spec.takes == Takes::files || spec.takes == Takes::list || !has(setting))) {
            add_flag(spec);
        }
    }
    add_switches(commands::common_switches);
}

// Whether a value of the setting makes sense: not an existing name where --name is a new one, or
// where an ID was given instead.
bool Completer::is_wanted(const SettingSpec& spec) const {
    const bool is_name =
        spec.offers == Offers::connection_names || spec.offers == Offers::dataflow_names;
    const bool is_new = line_.verb->name_is_new && spec.setting != Setting::connection_name;
    return !is_name || (!is_new && line_.operands.empty());
}

void Completer::offer_value(const SettingSpec& spec) {
    const commands::Verb& verb = *line_.verb;
    if (spec.takes == Takes::secret) {
        // A secret is not completed, but the name of the file that holds it is.
        files_ = std::string_view(current_).substr(prefix_.size()).starts_with('@');
        prefix_ += files_ ? "@" : "";
    } else if (spec.setting == Setting::output) {
        add("auto");
        for (const auto format : verb.formats) {
            add(output::name_of(format));
        }
    } else if (is_wanted(spec)) {
        offer(spec.offers, spec.words);
    }
}

bool Completer::offer_operand() {
    const commands::Operands& operands = line_.verb->operands;
    if (operands.offers.empty()) {
        return false;
    }
    // With --name the id is omitted, so the operand after it comes first.
    const Offers first = operands.offers.front();
    const bool by_name = (first == Offers::connection_ids &&
                          (has(Setting::name) || has(Setting::connection_name))) ||
                         (first == Offers::dataflow_ids && has(Setting::dataflow_name));
    const std::size_t place = line_.operands.size() + (by_name ? 1 : 0);
    const Offers offers = operands.offers[std::min(place, operands.offers.size() - 1)];
    if (place >= operands.most || (by_name && offers == first)) {
        return false;
    }
    offer(offers, operands.words);
    return true;
}

void Completer::offer(Offers offers, std::span<const std::string_view> words) {
    if (offers == Offers::files) {
        files_ = true;
    } else if (offers == Offers::words) {
        for (const auto word : words) {
            add(word);
        }
    } else if (offers == Offers::profiles) {
        for (const auto& name : config::profile_names(program_.environment)) {
            add(name);
        }
    } else if (offers >= Offers::sandbox_names) {
        try {
            offer_from_service(offers);
        } catch (const std::exception&) {
            candidates_.clear();
        }
    }
}

// The values that may be in effect when the line is complete. Ignores "-": standard input belongs
// to the command still being typed.
config::Typed valid_values(const config::Typed& typed) {
    config::Typed valid;
    for (const auto& [setting, values] : typed) {
        const SettingSpec& spec = config::spec_of(setting);
        for (const auto& value : values) {
            const std::string& text = value.reveal();
            const bool secret = spec.takes == Takes::secret;
            if (!text.empty() && !(secret && text == "-") &&
                ((secret && text.starts_with('@')) || !config::check_value(spec, text))) {
                valid[setting].push_back(value);
            }
        }
    }
    return valid;
}

void Completer::offer_from_service(Offers offers) {
    if (program_.end_within) {
        // Reading a file may block forever. The calls themselves time out earlier.
        constexpr std::chrono::milliseconds more{50};
        program_.end_within(commands::completion_limit + more);
    }
    std::istringstream nothing;
    const config::Settings settings = config::resolve(
        valid_values(line_.typed), program_.environment, nothing, commands::candidate_settings);
    commands::hide_secrets(console_, settings);
    commands::Context context{.environment = program_.environment,
                              .console = console_,
                              .make_transport = program_.make_transport,
                              .clock = program_.clock};
    const std::vector<std::string>& typed = line_.operands;
    for (auto& one :
         commands::candidates_of(context, offers, settings, typed.empty() ? "" : typed.front())) {
        // A name from the service must not be taken for a flag.
        const bool can_be_typed =
            !one.value.empty() && (!one.value.starts_with('-') || !prefix_.empty());
        const bool is_id = offers == Offers::connection_ids || offers == Offers::dataflow_ids;
        const bool already_typed =
            is_id && std::find(typed.begin(), typed.end(), one.value) != typed.end();
        if (can_be_typed && !already_typed) {
            candidates_.push_back(std::move(one));
        }
    }
}

std::string Completer::complete() {
    if (line_.verb == nullptr) {
        offer_verbs();
    } else if (words_.front() == "help") {
        // The verb is complete.
    } else if (line_.waiting != nullptr && !words_.back().ends_with('=')) {
        offer_value(*line_.waiting);
    } else if (!current_.starts_with('-') || line_.flags_ended) {
        if (!offer_operand() && current_.empty() && !line_.flags_ended) {
            offer_flags();
        }
    } else {
        words_.push_back(flag_part(current_));
        const SettingSpec* const spec = words_.back().empty() ? nullptr : read(words_).waiting;
        if (spec == nullptr) {
            offer_flags();
        } else {
            prefix_ = words_.back();
            offer_value(*spec);
        }
    }
    std::string lines;
    std::set<std::string_view> seen;
    for (const auto& one : candidates_) {
        // A value that cannot be shown unchanged cannot be typed either.
        if (seen.insert(one.value).second && console_.clean(one.value) == one.value) {
            lines += one.value + "\t" + console_.clean(one.description) + "\n";
        }
    }
    return lines + (files_ ? ":files" : ":nofiles") + (prefix_.empty() ? "" : " " + prefix_) + "\n";
}

}  // namespace

void complete(const Program& program, output::Console& console) noexcept {
    try {
        std::vector<std::string> words(program.args.begin() + 1, program.args.end());
        const std::string current = words.empty() ? "" : words.back();
        words.resize(words.size() - (words.empty() ? 0 : 1));
        console.result(Completer(program, console, std::move(words), current).complete());
    } catch (const std::exception&) {
        // A message would appear in the middle of the line being typed.
    }
}

}  // namespace bqconn::cli
