// SPDX-License-Identifier: GPL-2.0-or-later
// ServiceInstance and SessionManager.
#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"

namespace failback::mock {

int SoapService::RetrieveServiceContent(vim25__RetrieveServiceContentRequestType* request,
                                        _vim25__RetrieveServiceContentResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer { return {call.world.serviceContent, {}}; });
}

int SoapService::CurrentTime(vim25__CurrentTimeRequestType* request, _vim25__CurrentTimeResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    return {Value::dateTime(call.world.now()), {}};
  });
}

int SoapService::Login(vim25__LoginRequestType* request, _vim25__LoginResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    // The cookie comes with the answer whatever that is, as real servers do it.
    context_.setCookie = call.world.sessions.newCookie();
    const User* user = call.world.findUser(needText(request->userName, "userName"));
    const std::string& wanted = user && !user->password.empty() ? user->password : call.world.password;
    if (!user || needText(request->password, "password") != wanted) {
      const Acting acting(call.world.events, {request->userName ? *request->userName : "", 0});
      call.world.events.post("BadUsernameSessionEvent", call.world.rootFolder(), {},
                             {{"ipAddress", context_.address}});
      throw makeFault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
    }
    const AuthorizationState& authority = call.world.authorization.now();
    if (!authority.admits(call.world.inventory, user->name, user->groups))
      throw noPermission({"Folder", authority.root()}, "System.View");
    return opened(call, *user, request->locale.value_or(""));
  });
}

Answer SoapService::opened(Call& call, const User& user, const std::string& locale) {
  World& world = call.world;
  world.sessions.checkRoom(user, world.scheduler().now());
  const auto session = world.sessions.open(user, context_.setCookie, world.scheduler().now());
  session->loginTime = session->lastActiveTime = world.now();
  session->address = context_.address;
  session->userAgent = context_.userAgent;
  if (!locale.empty()) session->locale = locale;
  context_.user = user.name;
  context_.sessionKey = session->key;
  const Acting acting(world.events, {user.name, 0});
  world.events.post("UserLoginSessionEvent", world.rootFolder(), {},
                    {{"ipAddress", session->address},
                     {"userAgent", session->userAgent},
                     {"locale", session->locale},
                     {"sessionId", session->key}});
  return {session->describe(), {}};
}

int SoapService::SetLocale(vim25__SetLocaleRequestType* request, _vim25__SetLocaleResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    call.session->locale = needText(request->locale, "locale");
    return {};
  });
}

int SoapService::AcquireCloneTicket(vim25__AcquireCloneTicketRequestType* request,
                                    _vim25__AcquireCloneTicketResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    return {call.world.sessions.newCloneTicket(*call.session, call.world.scheduler().now()), {}};
  });
}

int SoapService::CloneSession(vim25__CloneSessionRequestType* request, _vim25__CloneSessionResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    context_.setCookie = call.world.sessions.newCookie();
    const User* user = call.world.sessions.redeem(needText(request->cloneTicket, "cloneTicket"),
                                                  call.world.scheduler().now());
    if (!user)
      throw makeFault("InvalidLogin", "Cannot complete login due to an incorrect user name or password.");
    return opened(call, *user, {});
  });
}

int SoapService::Logout(vim25__LogoutRequestType* request, _vim25__LogoutResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    call.world.sessions.close(call.session->cookie);
    call.world.inventory.touch();  // ends the waits of the session
    return {};
  });
}

int SoapService::SessionIsActive(vim25__SessionIsActiveRequestType* request,
                                 _vim25__SessionIsActiveResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    for (const auto& session : call.world.sessions.all()) {
      if (session->key == request->sessionID && session->user->name == request->userName) return {true, {}};
    }
    return {false, {}};
  });
}

int SoapService::TerminateSession(vim25__TerminateSessionRequestType* request,
                                  _vim25__TerminateSessionResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    for (const std::string& key : request->sessionId) {
      if (key == call.session->key) throw invalidArgument("sessionId", "a session cannot end itself");
      if (!call.world.sessions.closeByKey(key)) throw makeFault("NotFound", "The session was not found.");
    }
    call.world.inventory.touch();
    return {};
  });
}

}  // namespace failback::mock
