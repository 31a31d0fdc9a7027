#include "cli/complete.hpp"

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include "bqconn/commands/candidates.hpp"
#include "bqconn/config/profiles.hpp"
#include "cli/completion_lines.hpp"
#include "cli/hide_secrets.hpp"
#include "cli/typed_so_far.hpp"

namespace bqconn::cli {
namespace {

using config::Offers;
using config::Setting;
using config::SettingSpec;
using config::Takes;

std::string_view first_sentence(std::string_view help) {
    return help.substr(0, help.find(". "));
}

class Completer {
  public:
    Completer(const Program& program, output::Console& console, std::vector<std::string> words,
              std::string current)
        : program_(program),
          console_(console),
          current_(std::move(current)),
          words_(std::move(words)),
          so_far_(typed_so_far(words_)) {
        hide_secrets(console_, so_far_.typed, program_.environment);
    }

    Completion complete();

  private:
    bool offer_verb();                         // false: the verb is complete or unknown
    void offer_verbs(const VerbGroup* group);  // null: offer the first word of each verb
    void offer_flags();
    void offer_value(const SettingSpec& spec);
    bool offer_operand();  // false: no operand is allowed here
    void offer(Offers offers);
    void offer_from_service(Offers offers);

    const Program& program_;
    output::Console& console_;
    std::string current_;
    std::vector<std::string> words_;
    TypedSoFar so_far_;
    Completion completion_;
};

void Completer::offer_verbs(const VerbGroup* group) {
    for (const auto& verb : verbs()) {
        const VerbGroup* const own = find_group(group_of(verb));
        if (group != nullptr && own == group) {
            completion_.add(verb.name.substr(group->name.size() + 1), verb.summary);
        } else if (group == nullptr) {
            completion_.add(own == nullptr ? verb.name : own->name,
                            own == nullptr ? verb.summary : own->summary);
        }
    }
}

bool Completer::offer_verb() {
    const bool help = !words_.empty() && words_.front() == "help";
    const auto words = std::span(words_).subspan(help ? 1 : 0);
    const VerbGroup* const group = words.empty() ? nullptr : find_group(words.front());
    if (so_far_.verb != nullptr || words.size() > (group == nullptr ? 0U : 1U)) {
        return false;
    }
    if (words_.empty() && current_.starts_with('-')) {
        offer_flags();
        return true;
    }
    offer_verbs(group);
    if (words_.empty()) {
        completion_.add("help", "Show this help, or the help of a verb");
    }
    return true;
}

// Leaves out flags already given, unless they are repeatable.
void Completer::offer_flags() {
    const auto add = [this](std::string_view flag, std::string_view alias, std::string_view help) {
        for (const auto name : {flag, alias}) {
            if (!name.empty()) {
                completion_.add(name, first_sentence(help));
            }
        }
    };
    const auto add_switches = [this, &add](std::span<const Switch> switches) {
        for (const auto& one : switches) {
            if (!so_far_.flags.contains(one.flag)) {
                add(one.flag, one.alias, one.help);
            }
        }
    };
    if (so_far_.verb == nullptr) {
        add_switches(general_switches());
        return;
    }
    add_switches(so_far_.verb->switches);
    for (const Setting setting : so_far_.verb->settings) {
        const auto& spec = config::spec_of(setting);
        if (!spec.flag.empty() && (spec.takes == Takes::files || !so_far_.has(setting))) {
            add(spec.flag, spec.alias, spec.help);
        }
    }
    add_switches(common_switches());
}

void Completer::offer_value(const SettingSpec& spec) {
    const Verb& verb = *so_far_.verb;
    if (spec.takes == Takes::secret) {
        // A secret is not completed, but the name of the file that holds it is.
        completion_.files =
            std::string_view(current_).substr(completion_.prefix.size()).starts_with('@');
        completion_.prefix += completion_.files ? "@" : "";
    } else if (spec.setting == Setting::output) {
        completion_.add("auto");
        for (const auto format : verb.formats) {
            completion_.add(output::name_of(format));
        }
    } else if (spec.offers == Offers::words) {
        for (const auto word : spec.words) {
            completion_.add(word);
        }
    } else if (spec.offers == Offers::connection_names &&
               (verb.name_is_new || !so_far_.operands.empty())) {
        // Here --name is a new name, so existing names are not offered.
    } else {
        offer(spec.offers);
    }
}

bool Completer::offer_operand() {
    const Operands& operands = so_far_.verb->operands;
    const bool named = so_far_.has(Setting::name);
    const bool by_id =
        !operands.offers.empty() && operands.offers.front() == Offers::connection_ids;
    // With --name the id is omitted, so the operand after it comes first.
    const std::size_t place = so_far_.operands.size() + (named && by_id ? 1 : 0);
    if (place >= operands.most || operands.offers.empty()) {
        return false;
    }
    const Offers offers = operands.offers[std::min(place, operands.offers.size() - 1)];
    if (offers == Offers::connection_ids && named) {
        return false;
    }
    if (offers == Offers::words) {
        for (const auto word : operands.words) {
            completion_.add(word);
        }
    } else {
        offer(offers);
    }
    return true;
}

void Completer::offer(Offers offers) {
    if (offers == Offers::files) {
        completion_.files = true;
    } else if (offers == Offers::profiles) {
        for (const auto& name : config::profile_names(program_.environment)) {
            completion_.add(name);
        }
    } else if (offers >= Offers::sandbox_names) {
        try {
            offer_from_service(offers);
        } catch (const std::exception&) {
            completion_.candidates.clear();
        }
    }
}

void Completer::offer_from_service(Offers offers) {
    if (program_.end_within) {
        // Reading a file may block forever. The calls themselves time out earlier.
        constexpr std::chrono::milliseconds more{50};
        program_.end_within(commands::completion_limit + more);
    }
    std::istringstream nothing;
    const config::Settings settings = config::resolve(so_far_.typed, program_.environment, nothing,
                                                      commands::settings_of_candidates());
    hide_secrets(console_, settings);
    commands::Context context{program_.environment, console_, program_.make_transport,
                              program_.clock, nullptr};
    const std::string id = so_far_.operands.empty() ? "" : so_far_.operands.front();
    for (auto& one : commands::candidates_of(context, offers, settings, id)) {
        // A name from the service must not be taken for a flag.
        const bool can_be_typed =
            !one.value.empty() && (!one.value.starts_with('-') || !completion_.prefix.empty());
        const auto& typed = so_far_.operands;
        const bool already_typed = offers == Offers::connection_ids &&
                                   std::find(typed.begin(), typed.end(), one.value) != typed.end();
        if (can_be_typed && !already_typed) {
            completion_.candidates.push_back(std::move(one));
        }
    }
}

Completion Completer::complete() {
    if (offer_verb() || so_far_.verb == nullptr) {
        // Flags come after the verb.
    } else if (so_far_.unfinished != nullptr) {
        offer_value(*so_far_.unfinished);
    } else if (const FlagPart part = flag_part(*so_far_.verb, current_);
               part.spec != nullptr && !so_far_.flags_ended) {
        completion_.prefix = part.text;
        offer_value(*part.spec);
    } else if (current_.starts_with('-') && !so_far_.flags_ended) {
        offer_flags();
    } else if (!offer_operand() && current_.empty() && !so_far_.flags_ended) {
        offer_flags();
    }
    return std::move(completion_);
}

}  // namespace

void complete(const Program& program, output::Console& console) noexcept {
    try {
        std::vector<std::string> words(program.args.begin() + 1, program.args.end());
        std::string current;
        if (!words.empty()) {
            current = std::move(words.back());
            words.pop_back();
        }
        const Completion completion =
            Completer(program, console, std::move(words), std::move(current)).complete();
        console.result(lines_of(completion, console));
    } catch (const std::exception&) {
        // A message would appear in the middle of the line being typed.
    }
}

}  // namespace bqconn::cli
