// The entries of the verb table, grouped into one source file per topic.
#pragma once

#include <vector>

#include "bqconn/cli/verbs.hpp"

namespace bqconn::cli {

// `settings`, plus those of every verb that calls Adobe.
std::vector<config::Setting> with_common(std::vector<config::Setting> settings);

Verb check_verb();
Verb create_verb();
Verb update_verb();
Verb delete_verb();

Verb list_verb();
Verb get_verb();
Verb test_verb();
Verb explore_verb();
Verb sandboxes_verb();

Verb auth_token_verb();
Verb auth_status_verb();
Verb auth_clear_verb();

Verb init_verb();
Verb config_verb();
Verb auth_google_verb();

Verb completion_verb();

}  // namespace bqconn::cli
