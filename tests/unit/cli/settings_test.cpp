// SPDX-License-Identifier: GPL-2.0-or-later
// Where settings come from: options, FAILBACK_*, GOVC_*, systemd, the file, the terminal, in this order.
#include "cli/settings.h"

#include <fcntl.h>

#include "tests/unit/cli/support.h"

using namespace failback;
using cli::Settings;
using testing::expectUsage;
using testing::holds;
using testing::TemporaryFolder;
using Words = std::vector<std::string>;
using Variables = std::map<std::string, std::string>;

namespace {

Settings resolve(Words words, Variables variables, const cli::AskPassword& ask = {}) {
  words.insert(words.begin(), "discover");
  // Nothing of the machine that runs the test.
  variables.try_emplace("FAILBACK_CONFIG", "/dev/null");
  return cli::resolveSettings(cli::parseArguments(words), cli::Environment(variables), ask);
}

const Variables complete = {
    {"FAILBACK_URL", "vc.example"}, {"FAILBACK_USERNAME", "anna"}, {"FAILBACK_PASSWORD", "pw"}};

Variables with(Variables more, const Variables& base = complete) {
  more.insert(base.begin(), base.end());
  return more;
}

std::string_view password(const Settings& settings) {
  return settings.credentials.password.reveal();
}

const std::string sha1 = "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD";

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(options_before_own_variables_before_govcs_before_the_file) {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("config.toml",
                   "url = \"file.example\"\nusername = \"file\"\npassword = \"file-pw\"\n"
                   "timeout = \"4m\"\n");
  Variables variables = {{"FAILBACK_CONFIG", file}};
  Settings found = resolve({}, variables);
  BOOST_TEST(found.connection.url.host == "file.example");
  BOOST_TEST(found.urlOrigin == file + ":1");
  BOOST_TEST(found.userOrigin == file + ":2");
  BOOST_TEST(password(found) == "file-pw");
  BOOST_TEST(found.timeout.count() == 240'000);

  variables = with({{"GOVC_URL", "govc.example"}, {"GOVC_USERNAME", "gova"}, {"GOVC_PASSWORD", "govc-pw"}},
                   variables);
  found = resolve({}, variables);
  BOOST_TEST(found.connection.url.host == "govc.example");
  BOOST_TEST(found.credentials.userName == "gova");
  BOOST_TEST(password(found) == "govc-pw");

  variables = with({{"FAILBACK_TIMEOUT", "3m"}}, with(complete, variables));
  found = resolve({}, variables);
  BOOST_TEST(found.connection.url.host == "vc.example");
  BOOST_TEST(found.credentials.userName == "anna");
  BOOST_TEST(password(found) == "pw");
  BOOST_TEST(found.timeout.count() == 180'000);

  found = resolve({"--url", "flag.example:8443", "-u", "flag", "--timeout", "2m"}, variables);
  BOOST_TEST(found.connection.url.host == "flag.example");
  BOOST_TEST(found.connection.url.port == 8443);
  BOOST_TEST(found.credentials.userName == "flag");
  BOOST_TEST(found.urlOrigin == "--url");
  BOOST_TEST(found.timeout.count() == 120'000);
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told_with_all_ways_to_give_it) {
  expectUsage([] { resolve({}, {}); }, "no server");
  expectUsage([] { resolve({"--url", "vc.example"}, {}); }, "no user name");
  expectUsage([] { resolve({"--url", "vc.example", "-u", "anna"}, {}); }, "no password for anna");
  const vsphere::Error error = testing::errorOf([] { resolve({"--url", "vc.example", "-u", "anna"}, {}); });
  for (const char* way : {"--password-file", "--password-fd", "FAILBACK_PASSWORD", "systemd"}) {
    BOOST_TEST(holds(error.remedy, way), way);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_value_is_blamed_on_its_origin) {
  expectUsage([] { resolve({}, with({{"FAILBACK_URL", "https://"}})); }, "FAILBACK_URL");
  expectUsage([] { resolve({"--timeout", "soon"}, complete); }, "--timeout");
  expectUsage([] { resolve({}, with({{"FAILBACK_CONNECT_TIMEOUT", "x"}})); }, "FAILBACK_CONNECT_TIMEOUT");
  expectUsage([] { resolve({"--max-answer-bytes", "1GiB"}, complete); }, "--max-answer-bytes");
  expectUsage([] { resolve({}, with({{"FAILBACK_COMPRESSION", "sometimes"}})); }, "FAILBACK_COMPRESSION");
  expectUsage([] { resolve({}, with({{"FAILBACK_MAX_ANSWER_BYTES", "0"}})); }, "FAILBACK_MAX_ANSWER_BYTES");
  expectUsage([] { resolve({}, with({{"FAILBACK_INSECURE", "perhaps"}})); }, "FAILBACK_INSECURE");
  expectUsage([] { resolve({}, with({{"FAILBACK_THUMBPRINT", "xyz"}})); }, "FAILBACK_THUMBPRINT");
}

BOOST_AUTO_TEST_CASE(whether_answers_may_be_packed) {
  using vsphere::Compression;
  const Variables always = with({{"FAILBACK_COMPRESSION", "always"}});
  BOOST_TEST((resolve({}, complete).connection.compression == Compression::automatic));
  BOOST_TEST((resolve({}, always).connection.compression == Compression::always));
  BOOST_TEST((resolve({"--compression", "never"}, always).connection.compression == Compression::never));
}

BOOST_AUTO_TEST_CASE(bounds_of_an_answer) {
  const Settings found =
      resolve({"--transfer-timeout", "5m", "--stall-timeout", "45s"},
              with({{"FAILBACK_MAX_ANSWER_BYTES", "2147483648"}, {"FAILBACK_PATIENCE", "5m"}}));
  BOOST_TEST(found.connection.stallTimeout.count() == 45'000);
  BOOST_TEST(found.patience.count() == 300'000);
  BOOST_TEST(resolve({}, complete).patience.count() == 120'000);
  BOOST_TEST(found.connection.transferTimeout.count() == 300'000);
  BOOST_TEST(found.connection.maxAnswerBytes == 2'147'483'648u);
}

BOOST_AUTO_TEST_CASE(user_and_password_in_the_url) {
  Settings found = resolve({}, {{"FAILBACK_URL", "https://op%40vsphere.local:p%2Fw@vc.example/sdk"}});
  BOOST_TEST(found.credentials.userName == "op@vsphere.local");
  BOOST_TEST(password(found) == "p/w");
  BOOST_TEST(!holds(found.describe(), "p/w"));
  BOOST_TEST(!holds(found.describe(), "p%2Fw"));
  // It belongs to that user.
  expectUsage(
      [] {
        resolve({"-u", "bert"}, {{"FAILBACK_URL", "https://anna:pw@vc.example"}});
      },
      "no password for bert");
  found = resolve({"--url", "anna@vc.example"}, {{"FAILBACK_PASSWORD", "pw"}});
  BOOST_TEST(found.credentials.userName == "anna");
}

BOOST_AUTO_TEST_CASE(a_password_in_the_url_of_the_command_line_is_refused) {
  const vsphere::Error error = testing::errorOf([] {
    resolve({"--url", "https://anna:s3cret@vc.example"}, {});
  });
  BOOST_TEST((error.category == vsphere::Category::usage));
  BOOST_TEST(!holds(vsphere::describe(error) + error.remedy, "s3cret"));
}

BOOST_AUTO_TEST_CASE(password_files) {
  const TemporaryFolder folder;
  const Variables noPassword = {{"FAILBACK_URL", "vc.example"}, {"FAILBACK_USERNAME", "anna"}};
  const std::string file = folder.write("password", "from file \r\nsecond line\n");
  Settings found = resolve({"--password-file", file}, noPassword);
  BOOST_TEST(password(found) == "from file ");
  BOOST_TEST(found.warnings.empty());
  BOOST_TEST(password(resolve({}, with({{"FAILBACK_PASSWORD_FILE", file}}, noPassword))) == "from file ");
  // An option is stronger than a variable.
  BOOST_TEST(password(resolve({"--password-file", file}, complete)) == "from file ");

  const std::string open = folder.write("open", "pw\n", 0644);
  found = resolve({"--password-file", open}, noPassword);
  BOOST_REQUIRE(found.warnings.size() == 1u);
  BOOST_TEST(holds(found.warnings[0], "can be read by others"));
  BOOST_TEST(!holds(found.warnings[0], "pw\n"));

  expectUsage([&] { resolve({"--password-file", folder.path("none")}, noPassword); }, "none");
  expectUsage(
      [&] {
        resolve({"--password-file", folder.write("empty", "\n")}, noPassword);
      },
      "holds no password");
}

BOOST_AUTO_TEST_CASE(password_from_a_descriptor) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  BOOST_REQUIRE(::write(ends[1], "from pipe\n", 10) == 10);
  ::close(ends[1]);
  const Variables noPassword = {{"FAILBACK_URL", "vc.example"}, {"FAILBACK_USERNAME", "anna"}};
  BOOST_TEST(password(resolve({"--password-fd", std::to_string(ends[0])}, noPassword)) == "from pipe");
  ::close(ends[0]);
  for (const char* wrong : {"1", "2", "-1", "x", "999"}) {
    expectUsage([&] { resolve({"--password-fd", wrong}, noPassword); }, "");
  }
  expectUsage([&] { resolve({"--password-fd", "3", "--password-file", "x"}, noPassword); }, "both");
}

BOOST_AUTO_TEST_CASE(systemd_credential) {
  const TemporaryFolder folder;
  folder.write("failback.password", "from systemd\n");
  const Variables variables = {{"FAILBACK_URL", "vc.example"},
                               {"FAILBACK_USERNAME", "anna"},
                               {"CREDENTIALS_DIRECTORY", folder.path()}};
  BOOST_TEST(password(resolve({}, variables)) == "from systemd");
  BOOST_TEST(password(resolve({}, with({{"FAILBACK_PASSWORD", "stronger"}}, variables))) == "stronger");
}

BOOST_AUTO_TEST_CASE(a_person_is_asked_last) {
  const Variables noPassword = {{"FAILBACK_URL", "vc.example"}, {"FAILBACK_USERNAME", "anna"}};
  std::string question;
  const auto ask = [&](const std::string& text) {
    question = text;
    return std::optional<vsphere::Secret>(vsphere::Secret("typed"));
  };
  BOOST_TEST(password(resolve({}, noPassword, ask)) == "typed");
  BOOST_TEST(holds(question, "anna"));
  BOOST_TEST(holds(question, "vc.example"));
  question.clear();
  resolve({}, complete, ask);
  BOOST_TEST(question.empty());
  expectUsage([&] { resolve({}, noPassword, [](const std::string&) { return std::nullopt; }); },
              "no password");
}

BOOST_AUTO_TEST_CASE(the_strongest_word_on_trust_decides) {
  Settings found = resolve({"-k"}, complete);
  BOOST_TEST(found.connection.tls.insecure);
  BOOST_REQUIRE(found.warnings.size() == 1u);
  BOOST_TEST(holds(found.warnings[0], "insecure"));
  BOOST_TEST(holds(found.warnings[0], "--insecure"));

  found = resolve({}, with({{"FAILBACK_THUMBPRINT", sha1}, {"GOVC_INSECURE", "1"}}));
  BOOST_TEST(found.connection.tls.thumbprint == sha1);
  BOOST_TEST(!found.connection.tls.insecure);
  found = resolve({"--insecure"}, with({{"FAILBACK_THUMBPRINT", sha1}}));
  BOOST_TEST(found.connection.tls.insecure);
  BOOST_TEST(found.connection.tls.thumbprint.empty());
  // Beside each other, the thumbprint is the stricter.
  found = resolve({}, with({{"FAILBACK_THUMBPRINT", sha1}, {"FAILBACK_INSECURE", "1"}}));
  BOOST_TEST(!found.connection.tls.insecure);
  found = resolve({}, with({{"FAILBACK_INSECURE", "no"}, {"GOVC_INSECURE", "true"}}));
  BOOST_TEST(!found.connection.tls.insecure);
  BOOST_TEST(resolve({}, with({{"GOVC_INSECURE", "TRUE"}})).connection.tls.insecure);
  BOOST_TEST(
      !resolve({}, with({{"GOVC_INSECURE", "yes"}})).connection.tls.insecure);  // govc takes that for no
  BOOST_TEST(resolve({}, with({{"FAILBACK_THUMBPRINT", ""}})).connection.tls.thumbprint.empty());
  BOOST_TEST(resolve({"--ca-file", "/ca.pem"}, complete).connection.tls.caFile == "/ca.pem");
}

BOOST_AUTO_TEST_CASE(govcs_known_hosts) {
  const TemporaryFolder folder;
  const std::string other = "11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44";
  const std::string hosts =
      folder.write("known_hosts", "other.example " + other + "\nno blank\nVC.example:443 " + sha1 +
                                      "\r\n[::1]:8989 " + other + "\n");
  const std::string files = folder.path("none") + ":" + hosts;
  BOOST_TEST(resolve({}, with({{"GOVC_TLS_KNOWN_HOSTS", files}})).connection.tls.thumbprint == sha1);
  BOOST_TEST(resolve({"--url", "other.example"}, with({{"GOVC_TLS_KNOWN_HOSTS", files}}))
                 .connection.tls.thumbprint == other);
  BOOST_TEST(resolve({"--url", "https://[::1]:8989"}, with({{"GOVC_TLS_KNOWN_HOSTS", files}}))
                 .connection.tls.thumbprint == other);
  BOOST_TEST(resolve({"--url", "vc.example:444"}, with({{"GOVC_TLS_KNOWN_HOSTS", files}}))
                 .connection.tls.thumbprint.empty());
  // A server that is not in it: what else govc was told counts.
  BOOST_TEST(
      resolve({"--url", "third.example"}, with({{"GOVC_TLS_KNOWN_HOSTS", files}, {"GOVC_INSECURE", "1"}}))
          .connection.tls.insecure);
}

BOOST_AUTO_TEST_CASE(govcs_ca_files_may_be_several) {
  const TemporaryFolder folder;
  const std::string one = folder.write("one.pem", "ONE"), two = folder.write("two.pem", "TWO");
  BOOST_TEST(resolve({}, with({{"GOVC_TLS_CA_CERTS", one}})).connection.tls.caFile == one);
  const Settings found = resolve({}, with({{"GOVC_TLS_CA_CERTS", one + ":" + two}}));
  BOOST_TEST(testing::readFile(found.connection.tls.caFile) == "ONE\nTWO\n");
  expectUsage(
      [&] {
        resolve({}, with({{"GOVC_TLS_CA_CERTS", one + ":" + folder.path("none")}}));
      },
      "GOVC_TLS_CA_CERTS");
}

BOOST_AUTO_TEST_CASE(govcs_user_and_password_may_be_files) {
  const TemporaryFolder folder;
  const Variables variables = {{"GOVC_URL", "https://old:url-pw@vc.example"},
                               {"GOVC_USERNAME", folder.write("user", "from-file\n")}};
  const Settings found = resolve({}, variables);
  BOOST_TEST(found.credentials.userName == "from-file");
  BOOST_TEST(password(found) == "url-pw");  // govc keeps the URL's password for the new user
  BOOST_TEST(password(resolve({}, with({{"GOVC_PASSWORD", folder.write("pw", "file-pw\n")}}, variables))) ==
             "file-pw");
  BOOST_TEST(password(resolve({}, with({{"GOVC_PASSWORD", "/no/such/file"}}, variables))) == "/no/such/file");
  BOOST_TEST(password(resolve({}, with({{"GOVC_PASSWORD", "/"}}, variables))) == "/");
}

BOOST_AUTO_TEST_CASE(profiles) {
  const TemporaryFolder folder;
  const std::string file = folder.write("config.toml", R"(
url = "vc.example"
username = "anna"
password = "pw"
profile = "site"
[profiles.site]
timeout = "7m"
[profiles.lab]
url = "lab.example"
insecure = true
)");
  Settings found = resolve({"--config", file}, {});
  BOOST_TEST(found.connection.url.host == "vc.example");
  BOOST_TEST(found.timeout.count() == 420'000);
  found = resolve({"--config", file, "--profile", "lab"}, {});
  BOOST_TEST(found.connection.url.host == "lab.example");
  BOOST_TEST(found.connection.tls.insecure);
  BOOST_TEST(resolve({"--config", file}, {{"FAILBACK_PROFILE", "lab"}}).connection.url.host == "lab.example");
  expectUsage([&] { resolve({"--config", file, "--profile", "lbb"}, {}); }, "did you mean lab?");
}

BOOST_AUTO_TEST_CASE(mistakes_in_the_file_are_told_with_their_line) {
  const TemporaryFolder folder;
  const auto expect = [&](const std::string& content, const std::string& word) {
    const std::string file = folder.write("config.toml", content);
    expectUsage([&] { resolve({"--config", file}, complete); }, word);
  };
  expect("url = \"vc.example\"\n\nthumbprnt = \"x\"\n",
         "config.toml:3: unknown key \"thumbprnt\"; did you mean thumbprint?");
  expect("insecure = \"yes\"\n", "config.toml:1: insecure must be true or false");
  expect("timeout = 30\n", "config.toml:1: timeout must be a text");
  expect("url = vc.example\n", "config.toml:1");
  expect("[profiles.lab]\nusrname = \"x\"\n", "config.toml:2: unknown key \"usrname\"");
  expect("[profiles.lab]\nprofile = \"x\"\n", "config.toml:2");
  expect("profiles = 3\n", "profiles must be sections");
  expectUsage([&] { resolve({"--config", folder.path("none.toml")}, complete); }, "none.toml");
}

BOOST_AUTO_TEST_CASE(a_file_with_a_password_that_others_can_read_warns) {
  const TemporaryFolder folder;
  const std::string text = "url = \"vc.example\"\nusername = \"anna\"\npassword = \"pw\"\n";
  const std::string open = folder.write("open.toml", text, 0640),
                    closed = folder.write("closed.toml", text, 0600);
  BOOST_TEST(resolve({"--config", open}, {}).warnings.size() == 1u);
  BOOST_TEST(resolve({"--config", closed}, {}).warnings.empty());
  // Not when the password comes from elsewhere.
  BOOST_TEST(resolve({"--config", open}, {{"FAILBACK_PASSWORD", "x"}}).warnings.empty());
}

BOOST_AUTO_TEST_CASE(the_file_is_found_where_xdg_says) {
  const TemporaryFolder folder;
  folder.write("failback/config.toml", "url = \"xdg.example\"\nusername = \"anna\"\npassword = \"pw\"\n");
  folder.write(".config/failback/config.toml",
               "url = \"home.example\"\nusername = \"anna\"\npassword = \"pw\"\n");
  const auto arguments = cli::parseArguments({"discover"});
  const Variables home = {{"HOME", folder.path()}};
  BOOST_TEST(cli::resolveSettings(arguments, cli::Environment(home), {}).connection.url.host ==
             "home.example");
  const Variables xdg = {{"HOME", folder.path()}, {"XDG_CONFIG_HOME", folder.path()}};
  BOOST_TEST(cli::resolveSettings(arguments, cli::Environment(xdg), {}).connection.url.host == "xdg.example");
}

BOOST_AUTO_TEST_SUITE_END()
